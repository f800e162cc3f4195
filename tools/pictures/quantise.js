// Reduces a PNG, given in base64, to a palette: the 256 commonest colours, and for each other its nearest.
async (png) => {
  const image = new Image();
  image.src = "data:image/png;base64," + png;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(image, 0, 0);
  const words = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);

  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const split = (word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255];
  // By value where counts are equal, so that the result is the same each time.
  const colours = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([word]) => word);
  const palette = colours.slice(0, 256).map(split);
  const indexes = new Map(colours.map((word, place) => [word, place < 256 ? place : nearest(palette, split(word))]));
  return {
    width: image.width,
    palette: palette.flat(),
    pixels: inBase64(words, indexes),
  };

  function nearest(palette, colour) {
    const distance = (other) => other.reduce((sum, part, place) => sum + (part - colour[place]) ** 2, 0);
    return palette.reduce((best, other, place) => (distance(other) < distance(palette[best]) ? place : best), 0);
  }

  function inBase64(words, indexes) {
    let text = "";
    for (const word of words) text += String.fromCharCode(indexes.get(word));
    return btoa(text);
  }
}
