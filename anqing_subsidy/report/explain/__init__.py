"""One applicant explained: what each line rests on, in data first (`model`), then as a tree, a page, a decision sheet."""
