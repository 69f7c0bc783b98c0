import { getCommand } from '../../lib/cli/verbs/get.js';
import { acl } from '../../lib/kinds/acl.js';

export default class AclsGet extends getCommand(acl) {}
