import { listCommand } from '../../lib/cli/verbs/list.js';
import { acl } from '../../lib/kinds/acl.js';

export default class AclsList extends listCommand(acl) {}
