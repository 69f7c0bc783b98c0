import { createCommand } from '../../lib/cli/verbs/create.js';
import { profile } from '../../lib/kinds/profile.js';

export default class ProfilesCreate extends createCommand(profile) {}
