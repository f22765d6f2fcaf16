"""Skills and their versions in the admin. Here and not in `skills`, because their pages also tell what marketplace,
analytics and jobs know of them."""

from catalogue.admin import skills as skills
from catalogue.admin import versions as versions
