/** Starts a worker of each kind, which are told by the page's URL whom to call. */
const { search } = location;

new Worker(`/worker-tour.js${search}`, { type: 'module' });
new SharedWorker(`/worker-tour.js${search}`, { type: 'module' });
// Over plain HTTP there are none.
if ('serviceWorker' in navigator) {
  for (const script of ['/worker-tour.js', '/whole/worker-tour.js'])
    void navigator.serviceWorker.register(script + search, { type: 'module' });
}
