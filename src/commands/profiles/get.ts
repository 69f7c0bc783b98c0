import { getCommand } from '../../lib/cli/verbs/get.js';
import { profile } from '../../lib/kinds/profile.js';

export default class ProfilesGet extends getCommand(profile) {}
