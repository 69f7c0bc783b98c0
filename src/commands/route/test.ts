import { TestCommand } from '../../lib/cli/route/test.js';

export default class RouteTest extends TestCommand {}
