import { updateCommand } from '../../lib/cli/verbs/update.js';
import { acl } from '../../lib/kinds/acl.js';

export default class AclsUpdate extends updateCommand(acl) {}
