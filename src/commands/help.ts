import { HelpCommand } from '../lib/cli/help-command.js';

export default class Help extends HelpCommand {}
