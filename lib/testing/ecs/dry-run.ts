/** How ECS ends a request that is only to be checked: once all else was found to be right, by an error. */
import { apiError } from '../api-error.js';

export function refuseDryRun({ DryRun }: { readonly DryRun?: boolean | undefined }): void {
  if (DryRun) throw apiError(400, 'DryRunOperation', 'Request validation has been passed with DryRun flag set.');
}
