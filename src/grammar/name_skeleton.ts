/**
 * Names that people, and programs that fold names, take for one another.
 *
 * A skeleton as in Unicode's UTS 39, but coarser: names that look alike have one skeleton, as far as
 * letters in the shape of Latin ones go; some names that share a skeleton still look different.
 * @module
 */

/**
 * Gives what all look-alikes of a name share, without case, accents, spaces and hidden characters.
 * Two names are look-alikes when they have one of their skeletons in common: a name with a capital
 * I has two, as that letter is an i to a program and an l to the eye.
 */
export function nameSkeletons(name: string): readonly string[] {
  const folded = skeletonOf(name);
  const seen = name.replace(CAPITAL_I, "l");
  return seen === name ? [folded] : [folded, skeletonOf(seen)];
}

const CAPITAL_I = /[IΙІӀꓲ]/gu;

function skeletonOf(name: string): string {
  if (/^[a-z_\-./]*$/.test(name)) return name;
  let plain = "";
  for (const character of name.normalize("NFKD")) {
    if (!UNSEEN.test(character)) plain += capitals().get(character) ?? character;
  }
  let skeleton = "";
  for (const character of plain.toLowerCase().normalize("NFKD")) {
    if (!UNSEEN.test(character)) skeleton += small().get(character) ?? character;
  }
  return skeleton;
}

/** What is not seen: controls, formats, unassigned and private characters, spaces, marks. */
const UNSEEN = /^[\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]$/u;

/** Capitals of other scripts that look like Latin ones (Unicode confusables.txt); their small letters may not. */
const capitals = byCharacter({
  a: "ΑАᎪꓮ",
  b: "ΒВᏴꓐ",
  c: "СϹᏟꓚⲤ",
  d: "Ꭰꓓ",
  e: "ΕЕᎬꓰ",
  f: "Ϝꓝ",
  g: "Ꮐꓖ",
  h: "ΗНᎻꓧⲎ",
  i: "ΙІӀꓲ",
  j: "ЈᎫꓙ",
  k: "ΚКᏦꓗⲔ",
  m: "ΜМᎷꓟⲘ",
  n: "Νꓠⲛ",
  o: "ΟОՕꓳⲞ",
  p: "ΡРᏢꓑⲢ",
  r: "ᎡᏒꓣ",
  s: "ЅՏᏚꓢ",
  t: "ΤТᎢꓔⲦ",
  u: "Սꓴ",
  v: "Ꮩꓦ",
  w: "ᎳᏔꓪ",
  x: "ΧХꓫⲬ",
  y: "ΥҮꓬⲨ",
  z: "ΖᏃꓜ",
});

/** Small letters, digits and signs that look like a small Latin letter or a plain sign. */
const small = byCharacter({
  a: "ɑαа",
  b: "ƅьЬ",
  c: "ϲсⲥᴄ",
  d: "ԁꮷ",
  e: "еҽ℮",
  f: "ꞙẝ",
  g: "ɡցᶃ",
  h: "һհ",
  i: "ıɩιіꙇ",
  l: "1|ӏǀ׀וןɭ",
  j: "ϳј",
  k: "κкⲕᴋ",
  m: "мᴍ",
  n: "ոռη",
  o: "0οоσςօ੦௦೦൦๐໐০०ഠഒסهᴏⲟ",
  p: "ρрⲣ",
  q: "ԛգզ",
  r: "гᴦⲅ",
  s: "ѕꜱ",
  t: "τтᴛ",
  u: "υսᴜ",
  v: "νѵᴠט",
  w: "ѡԝաᴡω",
  x: "хχ×ⲭ",
  y: "уγүყʏ",
  z: "ᴢ",
  "-": "‐‑‒–—―−➖",
  "/": "⁄∕╱⧸",
});

/** Gives the table turned round, made when it is first asked for: most names are plain. */
function byCharacter(
  alike: Readonly<Record<string, string>>,
): () => ReadonlyMap<string, string> {
  let map: Map<string, string> | undefined;
  return () => {
    if (map !== undefined) return map;
    map = new Map();
    for (const [latin, others] of Object.entries(alike)) {
      for (const other of others) map.set(other, latin);
    }
    return map;
  };
}
