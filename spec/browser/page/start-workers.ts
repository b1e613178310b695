/** Starts a worker of each kind, which are told by the page's URL whom to call. */
const { search } = location;

new Worker(`/worker-tour.js${search}`, { type: 'module' });
new SharedWorker(`/worker-tour.js${search}`, { type: 'module' });
// Service workers may not `import()`, so that theirs is one file. Over plain HTTP there are none.
if ('serviceWorker' in navigator)
  void navigator.serviceWorker.register(`/whole/worker-tour.js${search}`, { type: 'module' });
