import { tour } from './tour.js';

void tour(self.constructor.name + (location.pathname.startsWith('/whole/') ? ', of one file' : ''));
