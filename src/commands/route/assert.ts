import { AssertCommand } from '../../lib/cli/route/assert.js';

export default class RouteAssert extends AssertCommand {}
