import { WhyCommand } from '../../lib/cli/route/why.js';

export default class RouteWhy extends WhyCommand {}
