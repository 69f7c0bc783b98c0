import { listCommand } from '../../lib/cli/verbs/list.js';
import { profile } from '../../lib/kinds/profile.js';

export default class ProfilesList extends listCommand(profile) {}
