package kobil

// SHIFT is the product whose tenants are realms of one host (developer.kobil.com, "User Logs": GET
// https://{hostname}/auth/realms/{tenantId}/v3_user/{userName}/logs). The page says that not all installations of it
// have the API yet.
func SHIFT() Product {
	return Product{
		Path:     "/auth/realms/{tenantId}/v3_user/{userName}/logs",
		Instance: func(host, tenant string) string { return host + "/" + tenant },
	}
}
