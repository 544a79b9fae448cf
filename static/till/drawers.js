// Which drawer a cart's money goes to. A producer who keeps their own takings has a drawer of their own (G15): a cart
// of their goods alone goes there by itself; a mixed one stays with the operator, who owes each producer their part.

/**
 * @param {{ keeper?: string | null, lines: { producer: string | null }[], returns: { product: string | null, producer?: string | null }[] }} cart
 *   keeper: a person has said which (null: the operator's)
 * @param {import("./shift.js").Open[]} kept open drawers of producers
 * @param {(product: string | null) => string | null} producerOf
 * @returns {string | null} the keeper, null the operator
 */
export function keeperOf(cart, kept, producerOf) {
  if (cart.keeper !== undefined && (cart.keeper === null || kept.some((shift) => shift.keeper === cart.keeper))) return cart.keeper;
  const own = keeperBy(cart, producerOf);
  return own && kept.some((shift) => shift.keeper === own) ? own : null;
}

/** The one producer all goods of a cart are of. @param {Parameters<typeof keeperOf>[0]} cart @param {(product: string | null) => string | null} producerOf */
export function keeperBy(cart, producerOf) {
  const makers = new Set([
    ...cart.lines.map((line) => line.producer), ...cart.returns.map((back) => back.producer ?? producerOf(back.product)),
  ]);
  return makers.size === 1 ? [...makers][0] : null;
}

/** What a keeper can be paid by: not by codes and machines that pay the operator. @param {import("./tenders.js").Kind[]} kinds */
export const keptKinds = (kinds) => kinds.filter(({ base }) => base === "cash" || base === "vietqr");

/** Whose people somebody is: none, one producer, or several. @param {{ producer?: string | null, producers?: string[] } | null} person */
export const makersOf = (person) => person?.producers ?? (person?.producer ? [person.producer] : []);

/**
 * The drawers to propose to who begins to sell: those of their own producers that are not open and whose goods are here.
 * @param {Parameters<typeof makersOf>[0]} person @param {import("./shift.js").Open[]} kept @param {any[]} products
 */
export function drawersFor(person, kept, products) {
  const own = makersOf(person).filter((id) => !kept.some((shift) => shift.keeper === id));
  return own.length ? producersOf(products.filter(({ producer }) => own.includes(producer))) : [];
}

/**
 * Producers of the goods here, by name, for choosing whose drawer to open.
 * @param {any[]} products
 */
export function producersOf(products) {
  /** @type {Map<string, { id: string, name: string, commune: string | null }>} */
  const found = new Map();
  for (const { producer, producer_name: name, commune = null } of products) {
    if (producer && name && !found.has(producer)) found.set(producer, { id: producer, name, commune });
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, "vi"));
}
