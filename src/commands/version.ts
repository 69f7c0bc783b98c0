import { VersionCommand } from '../lib/cli/version.js';

export default class Version extends VersionCommand {}
