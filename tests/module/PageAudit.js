// Put at the end of a page by Export-MigrationReport.Tests.ps1: what a reader who cannot see well, or has no mouse, would meet.
// The answer is JSON in <pre id="audit">.
(() => {
  document.querySelectorAll('details').forEach(one => one.open = true);
  const rgb = text => (text.match(/[\d.]+/g) ?? []).map(Number);
  const part = value => (value /= 255) <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * part(r) + .7152 * part(g) + .0722 * part(b);
  const ratio = (one, other) => { const [a, b] = [light(one), light(other)].sort((x, y) => y - x); return (a + .05) / (b + .05); };
  const behind = element => {
    for (let one = element; one; one = one.parentElement) {
      const colour = rgb(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const name = one => (one.getAttribute('aria-label') ?? [...(one.labels ?? [])].map(label => label.textContent).join(' ') + one.textContent).trim();
  const shown = one => one.checkVisibility();
  const texts = [...document.body.querySelectorAll('*')].filter(one => shown(one) && !one.closest('svg, script, pre')
    && [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim()));
  const contrasts = texts.map(one => [ratio(rgb(getComputedStyle(one).color), behind(one)), one.textContent.slice(0, 40)]).sort((a, b) => a[0] - b[0]);
  const controls = [...document.querySelectorAll('a, button, input, summary, [tabindex]')].filter(shown);
  const edges = [...document.querySelectorAll('input[type=search], button')].filter(shown)
    .map(one => ratio(rgb(getComputedStyle(one).borderTopColor), behind(one.parentElement)));
  const theme = document.getElementById('theme'), paper = () => light(rgb(getComputedStyle(document.body).backgroundColor));
  const before = paper();
  theme.click();
  const after = paper();
  theme.click();
  const answer = document.createElement('pre');
  answer.id = 'audit';
  answer.textContent = JSON.stringify({
    texts: texts.length, contrast: contrasts[0][0], faintest: contrasts[0][1], edge: Math.min(...edges),
    dark: before < .5, turned: (after < .5) !== (before < .5),
    unnamed: controls.filter(one => !name(one)).map(one => one.outerHTML.slice(0, 80)),
    unreached: controls.filter(one => one.tabIndex < 0).map(one => one.outerHTML.slice(0, 80)),
    unscoped: [...document.querySelectorAll('th')].filter(one => !one.scope).length,
    squeezed: [...document.querySelectorAll('th, td')].filter(one => shown(one) && one.clientWidth - 2 * parseFloat(getComputedStyle(one).paddingLeft) < 24 && one.textContent.trim().length > 3).length,
    colourAlone: [...document.querySelectorAll('.verdict')].filter(one => !one.textContent.trim()).length,
    wide: document.documentElement.scrollWidth > innerWidth,
  });
  document.body.append(answer);
})();
