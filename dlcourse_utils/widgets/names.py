"""Names for sliders: what a screen reader says when the keyboard reaches one.

ipywidgets labels its fields and lists, but not its sliders and their numbers. This invisible widget copies the text
beside each slider into its `aria-label`.
"""

from __future__ import annotations

from typing import Any

SCRIPT = """
function name(root) {
  for (const box of root.querySelectorAll('.widget-slider')) {
    const text = box.querySelector('label')?.textContent.trim();
    if (!text) continue;
    for (const handle of box.querySelectorAll('[role=slider]')) handle.setAttribute('aria-label', text);
    for (const number of box.querySelectorAll('.widget-readout')) {
      number.setAttribute('role', 'textbox');
      number.setAttribute('aria-label', text + ', as a number');
    }
  }
}
export default {
  render({ el }) {
    el.style.display = 'none';
    let rounds = 0;
    const timer = setInterval(() => {  // its neighbours may be drawn later than itself
      const root = el.closest('.widget-vbox');
      if (root) name(root);
      if (++rounds > 40) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  },
};
"""


def names() -> Any:
    """Return the widget that names its neighbours' sliders."""
    import anywidget

    return anywidget.AnyWidget(_esm=SCRIPT)
