using Microsoft.Playwright;

namespace Kessan.MarketApi.Tests.Page;

/// <summary>Measures the contrast of texts on a page as WCAG 2.2 defines it (success criterion 1.4.3).</summary>
internal static class Contrast
{
    // The browser itself mixes the colours: every background from the root down, then the text over them.
    private const string Script = """
        () => {
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const mix = (element, withText) => {
            canvas.fillStyle = '#fff';
            canvas.fillRect(0, 0, 1, 1);
            const chain = [];
            for (let it = element; it; it = it.parentElement) chain.unshift(getComputedStyle(it).backgroundColor);
            if (withText) chain.push(getComputedStyle(element).color);
            for (const colour of chain) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
            const light = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
              .map(it => it / 255).map(it => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
            return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
          };
          const weak = [];
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            const element = texts.currentNode.parentElement;
            if (!texts.currentNode.textContent.trim() || !element.checkVisibility() || element.closest(':disabled, script, noscript')) continue;
            const [dark, bright] = [mix(element, true), mix(element, false)].sort((one, other) => one - other);
            const ratio = (bright + 0.05) / (dark + 0.05);
            if (ratio < 4.5) weak.push(`${ratio.toFixed(2)} ${element.tagName}.${element.className}: ${texts.currentNode.textContent.trim()}`);
          }
          return weak;
        }
        """;

    /// <summary>The visible texts with less contrast than 4.5 to 1.</summary>
    public static Task<string[]> FindWeakAsync(IPage page) => page.EvaluateAsync<string[]>(Script);
}
