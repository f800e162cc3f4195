"""Each use of something that Pulumi's SDK or engine does not document."""
