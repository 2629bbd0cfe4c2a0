"""Static files under names that carry a hash of their content, so that nginx lets clients keep them for ever."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFilesStorage(ManifestStaticFilesStorage):
    """Keeps no second copy under the plain names, which no page of ours uses."""

    def post_process(self, paths, dry_run=False, **options):
        yield from super().post_process(paths, dry_run, **options)
        for name in [] if dry_run else self.hashed_files:
            self.delete(name)
