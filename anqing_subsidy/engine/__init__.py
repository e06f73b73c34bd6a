"""Policy x Tables -> Assessment: one engine over columns; the engine knows no file and no screen."""

from anqing_subsidy.engine.assess import assess
from anqing_subsidy.engine.assessment import Assessment

__all__ = ["Assessment", "assess"]
