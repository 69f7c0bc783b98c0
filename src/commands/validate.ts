import { ValidateCommand } from '../lib/cli/config/validate.js';

export default class Validate extends ValidateCommand {}
