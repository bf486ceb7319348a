"""What every fault needs: an installation with its servers, writers that know what was acknowledged, disks and networks to break."""
