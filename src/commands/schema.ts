import { SchemaCommand } from '../lib/cli/config/explain.js';

export default class Schema extends SchemaCommand {}
