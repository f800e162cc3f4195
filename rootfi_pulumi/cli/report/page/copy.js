const said = document.getElementById("said");

for (const button of document.querySelectorAll(".copy")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

async function copy(button) {
  const isCopied = await write(button.previousElementSibling);
  button.textContent = isCopied ? "Copied" : "Selected";
  said.textContent = isCopied ? "Copied" : "Selected: copy it with the keyboard";
  setTimeout(() => {
    button.textContent = "Copy";
    said.textContent = "";
  }, 2000);
}

// Some browsers and frames refuse pages opened from a file the clipboard, so the command is selected as well.
async function write(code) {
  getSelection().selectAllChildren(code);
  try {
    await navigator.clipboard.writeText(code.textContent);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
