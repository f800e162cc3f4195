from rootfi_pulumi.cli.report.markup import Markup, join, tag


def test_texts_and_values_are_escaped() -> None:
    assert tag("p", "<&", title="\"'<") == '<p title="&quot;&#x27;&lt;">&lt;&amp;</p>'


def test_what_is_html_already_stays_as_it_is() -> None:
    assert tag("p", tag("b", "&"), Markup("<br>")) == "<p><b>&amp;</b><br></p>"


def test_names_that_python_lacks_are_spelled_with_underscores() -> None:
    assert tag("p", class_="a", aria_hidden="true") == '<p class="a" aria-hidden="true"></p>'


def test_what_is_joined_is_not_escaped_again() -> None:
    assert join(join("<"), "<") == "&lt;&lt;"
