import { deleteCommand } from '../../lib/cli/verbs/delete.js';
import { profile } from '../../lib/kinds/profile.js';

export default class ProfilesDelete extends deleteCommand(profile) {}
