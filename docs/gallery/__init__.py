"""What stands in docs/gallery.md: one `Entry` a picture, with the code that makes it."""
