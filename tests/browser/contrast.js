// The texts below a selector whose colour is hard to tell from what is behind them (WCAG 1.4.3).
(selector) => {
  const channels = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { rgb: [r, g, b], opaque: a > 0.99 };
  };
  const luminance = ({ rgb }) => {
    const [r, g, b] = rgb.map((c) => {
      const share = c / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const found = channels(getComputedStyle(at).backgroundColor);
      if (found.opaque) return found;
    }
    return { rgb: [255, 255, 255] };
  };
  const texts = [...document.querySelectorAll(selector)].flatMap((root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) found.push(walker.currentNode);
    return found.filter((text) => text.textContent.trim());
  });
  const looked = texts.map((text) => {
    const element = text.parentElement;
    const pair = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    return { text: text.textContent.trim(), ratio: Math.round(ratio * 10) / 10 };
  });
  return { looked: looked.length, faint: looked.filter((one) => one.ratio < 4.5) };
};
