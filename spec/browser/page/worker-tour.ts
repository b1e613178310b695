import { tour } from './tour.js';

void tour(self.constructor.name);
