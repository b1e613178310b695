import { WaitingList, WaitingValue } from '../../lib/queues/waiting-list.js';

const values = (list: WaitingList<WaitingValue<string>>) => {
  const found: string[] = [];
  for (let each; (each = list.shift());) found.push(each.value);
  return found;
};

const listOf = (...names: string[]) => {
  const list = new WaitingList<WaitingValue<string>>();
  const places = names.map((name) => new WaitingValue(name));
  places.forEach((place) => list.push(place));
  return { list, places };
};

describe('WaitingList', () => {
  it('is first in, first out', () => {
    const { list } = listOf('a', 'b', 'c');

    expect(list.size).toBe(3);
    expect(values(list)).toEqual(['a', 'b', 'c']);
    expect(list.size).toBe(0);
    expect(list.shift()).toBeUndefined();
  });

  it.each([
    ['the first', 0, ['b', 'c']],
    ['one in between', 1, ['a', 'c']],
    ['the last', 2, ['a', 'b']],
  ])('lets %s leave', (_, index, left) => {
    const { list, places } = listOf('a', 'b', 'c');

    expect(places[index]?.remove()).toBe(true);
    expect(list.size).toBe(2);
    list.push(new WaitingValue('d'));
    expect(values(list)).toEqual([...left, 'd']);
  });

  it('lets the only one leave', () => {
    const { list, places } = listOf('a');

    expect(places[0]?.remove()).toBe(true);
    list.push(new WaitingValue('b'));
    expect(values(list)).toEqual(['b']);
  });

  it('says whether one that leaves was still there', () => {
    const { list, places } = listOf('a', 'b', 'c');
    list.shift();
    places[1]?.remove();

    expect(places.map((place) => place.remove())).toEqual([false, false, true]);
    expect(list.size).toBe(0);
  });

  it('forgets all when it is cleared', () => {
    const { list, places } = listOf('a', 'b');
    list.clear();

    expect(list.size).toBe(0);
    expect(places.map((place) => place.remove())).toEqual([false, false]);
    expect(list.size).toBe(0);
  });

  it('takes one back that has left', () => {
    const { list, places } = listOf('a', 'b');
    const [a] = places;
    a?.remove();
    if (a) list.push(a);

    expect(values(list)).toEqual(['b', 'a']);
  });

  it('leaves nothing that points from one that has left to the others', () => {
    const { list, places } = listOf('a', 'b', 'c');
    list.shift();
    places[1]?.remove();

    for (const { list, before, after } of places.slice(0, 2)) {
      expect([list, before, after]).toEqual([undefined, undefined, undefined]);
    }
  });

  it('follows as many links with ten thousand waiting as with ten', () => {
    expect(linksFollowed(10_000)).toEqual(linksFollowed(10));
  });
});

/** How often links are read or written in pushing one, shifting one, and removing one from the middle. */
function linksFollowed(size: number): Record<string, number> {
  let touched = 0;
  class Counted extends WaitingValue<number> {
    constructor(value: number) {
      super(value);
      for (const link of ['before', 'after']) {
        let target: unknown;
        Object.defineProperty(this, link, {
          get: () => {
            touched++;
            return target;
          },
          set: (to: unknown) => {
            touched++;
            target = to;
          },
        });
      }
    }
  }
  const list = new WaitingList<Counted>();
  const places = Array.from({ length: size }, (_, index) => new Counted(index));
  places.forEach((place) => list.push(place));
  const count = (operation: () => void) => {
    touched = 0;
    operation();
    return touched;
  };
  return {
    push: count(() => list.push(new Counted(size))),
    shift: count(() => list.shift()),
    remove: count(() => places[size / 2]?.remove()),
  };
}
