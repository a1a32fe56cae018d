"""What the stages hand to one another: plain data, no behaviour beyond arithmetic on itself."""
