"""Exact, explained calculation of e-commerce subsidies."""

