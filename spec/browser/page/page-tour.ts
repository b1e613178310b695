import { tour } from './tour.js';

void tour('page');
