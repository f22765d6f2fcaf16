"""Routes of the catalogue, below /catalogue/."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from accounts.signing_in import SignInForm
from catalogue import views

_sign_in = LoginView.as_view(
    authentication_form=SignInForm, template_name="catalogue/login.html", next_page="catalogue:home"
)
app_name = "catalogue"
urlpatterns = [
    path("", views.home, name="home"),
    path("login/", _sign_in, name="login"),
    path("logout/", LogoutView.as_view(next_page="catalogue:login"), name="logout"),
    path("categories/", views.categories, name="categories"),
    path("categories/<path:path>/", views.category, name="category"),
    path("marketplace/", views.marketplace, name="marketplace"),
    path("marketplace/<uuid:skill_id>/", views.offer, name="offer"),
    path("marketplace/<uuid:skill_id>/install/", views.install, name="install"),
    path("skills/<str:slug>/", views.skill, name="skill"),
    path("skills/<str:slug>.zip", views.archive, name="archive"),
    path("skills/<str:slug>/files/<path:path>", views.file, name="file"),
]
