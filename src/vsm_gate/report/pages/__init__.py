"""The pages of the site: a module a kind of page. `registry` lists them."""

from vsm_gate.report.pages.registry import plan as plan
