import { updateCommand } from '../../lib/cli/verbs/update.js';
import { profile } from '../../lib/kinds/profile.js';

export default class ProfilesUpdate extends updateCommand(profile) {}
