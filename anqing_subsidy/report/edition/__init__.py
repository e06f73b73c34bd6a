"""An edition of a policy in words, as an official checks it against the document, and two editions side by side."""
