import { SimulateCommand } from '../../lib/cli/route/simulate.js';

export default class RouteSimulate extends SimulateCommand {}
