// Whose goods lie in a sale, and what each part came to: the sums a producer may have taken itself. Pure.

/**
 * @param {import("./catalogue.js").Catalogue} catalogue @param {{ product: string | null, paid: number }[]} lines
 * @returns {{ id: string, name: string, paid: number }[]} in the order of the lines
 */
export function makersIn(catalogue, lines) {
  /** @type {Map<string, { id: string, name: string, paid: number }>} */
  const found = new Map();
  for (const { product, paid } of lines) {
    const goods = product ? catalogue.find(product) : null;
    if (!goods?.producer) continue;
    const maker = found.get(goods.producer) ?? { id: goods.producer, name: goods.producer_name ?? "", paid: 0 };
    found.set(goods.producer, { ...maker, paid: maker.paid + paid });
  }
  return [...found.values()];
}
