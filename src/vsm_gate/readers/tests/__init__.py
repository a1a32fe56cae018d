"""Test report formats, a module each."""
