"""The dashboard: one file that needs nothing, obeys nobody, and can be read by everyone."""

import base64
import hashlib
import html
import importlib.util
import json
import re
import subprocess
from pathlib import Path

import pytest

from report_states import HOSTILE, document, program
from xiangning_zyz.report.to_html import to_html

STATES = ("empty", "mid", "met", "late", "long", "hostile")


@pytest.fixture(scope="module", params=STATES)
def page(request):
    return to_html(document(request.param, "dashboard")).decode()


def test_it_refers_to_nothing_outside(page):
    assert not re.search(r"<(script|link|img|iframe|object|embed|form|base)\b", page)
    assert not re.search(r"""\s(src|srcset|style|on\w+)\s*=""", re.sub(r"<style>.*?</style>|>[^<]*<", "><", page))
    links = re.findall(r'href="([^"]*)"', page)
    assert links
    assert all(link.startswith("#") for link in links)
    assert "url(" not in page
    assert "@import" not in page


def test_every_link_has_its_goal(page):
    assert set(re.findall(r'href="#([^"]*)"', page)) <= set(re.findall(r'id="([^"]*)"', page))


def test_ids_are_unique(page):
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))


def test_the_policy_lets_in_our_style_sheet_and_nothing_else(page):
    [css] = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_the_matrix_has_103_cells_with_shape_and_word(page):
    [matrix] = re.findall(r'<table class="matrix">(.*?)</table>', page, re.DOTALL)
    cells = re.findall(r'<td class="[^"]*">([●◎▲×■○－])<span class="words">(\w+)', matrix)
    assert len(cells) == 103


def test_each_chart_has_a_title_a_description_and_a_table(page):
    assert page.count('<svg xmlns="http://www.w3.org/2000/svg"') == page.count("<desc ") == 6
    assert page.count("<details>") == 6


def test_words_from_sheets_stay_words():
    page = to_html(document("hostile", "dashboard")).decode()
    assert html.escape(HOSTILE[0]) in page
    assert "<img" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_same_blocks_same_bytes():
    assert to_html(document("mid", "dashboard")) == to_html(document("mid", "dashboard"))


@pytest.mark.parametrize("kind", ["bulletin", "brief", "annex"])
def test_other_kinds_are_pages_too(kind):
    page = to_html(document("mid", kind)).decode()
    assert page.count("<h1>") == 1


@pytest.mark.parametrize(
    "foreground_on_background",
    re.findall(
        r"td\.\w+ \{ background: (#\w+); color: (#\w+); \}",
        (Path(__file__).parent.parent / "src/xiangning_zyz/report/to_html/page.css").read_text(encoding="utf-8"),
    ),
)
def test_colours_differ_enough_to_be_read(foreground_on_background):
    lights = sorted(map(_luminance, foreground_on_background))
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5  # WCAG 2.2, 1.4.3


@pytest.mark.parametrize("state", ["mid", "long", "hostile"])
def test_in_a_browser_nothing_overflows_a_phone_and_axe_finds_no_serious_fault(tmp_path, state):
    page = to_html(document(state, "dashboard")).decode()
    found = _probed(tmp_path, page, width=390)
    assert found["width"] == 390
    assert found["needs"] <= 390
    serious = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
    assert serious == []


def test_in_a_browser_the_untouched_page_logs_nothing(tmp_path):
    path = tmp_path / "看板.html"
    path.write_bytes(to_html(document("hostile", "dashboard")))
    done = _chromium(tmp_path, "--enable-logging=stderr", "--dump-dom", path.as_uri())
    assert "<h1>2025年6月专业镇发展工作看板</h1>" in done.stdout
    assert "CONSOLE" not in done.stderr


def test_printed_on_a4_tables_are_whole(tmp_path):
    path, pdf = tmp_path / "看板.html", tmp_path / "看板.pdf"
    path.write_bytes(to_html(document("mid", "dashboard")))
    _chromium(tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={pdf}", path.as_uri())
    text = subprocess.run(
        [program("pdftotext"), "-layout", pdf, "-"], capture_output=True, encoding="utf-8", check=True
    ).stdout
    together = "".join(text.split())
    for words in ("入驻企业", "国家税务总局乡宁县税务局", "数据来源", "14500", "183.333"):
        assert words in together
    size = subprocess.run([program("pdfinfo"), pdf], capture_output=True, encoding="utf-8", check=True).stdout
    assert "A4" in size


def _chromium(folder, *arguments):
    command = [program("chromium", "chromium-browser", "google-chrome"), "--headless=new", "--no-sandbox"]
    profile = f"--user-data-dir={folder / 'profile'}"
    return subprocess.run(
        [*command, "--disable-gpu", profile, *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )


def _probed(folder, page, width):
    """What axe-core and the layout say of *page* in a frame of that *width*; only for this its policy is lifted."""
    [home] = importlib.util.find_spec("axe_core_python").submodule_search_locations
    axe = (Path(home) / "axe.min.js").read_text(encoding="utf-8")
    probe = """addEventListener('load', async () => {
      const found = await axe.run(document);
      const said = parent.document.createElement('pre');
      said.id = 'found';
      said.textContent = JSON.stringify({
        width: innerWidth, needs: document.documentElement.scrollWidth,
        violations: found.violations.map(v => ({id: v.id, impact: v.impact, html: v.nodes[0].html}))});
      parent.document.body.append(said);
    })"""
    bare = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    inner = bare.replace("</body>", f"<script>{axe}</script><script>{probe}</script></body>")
    outer = folder / "frame.html"
    frame = f'<iframe width="{width}" height="800" frameborder="0" srcdoc="{html.escape(inner, quote=True)}"></iframe>'
    outer.write_text(f'<meta charset="utf-8"><body>{frame}</body>', encoding="utf-8")
    done = _chromium(folder, "--window-size=1000,900", "--virtual-time-budget=60000", "--dump-dom", outer.as_uri())
    [said] = re.findall(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)
    return json.loads(html.unescape(said))


def _luminance(colour):
    """WCAG relative luminance of #rrggbb."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
