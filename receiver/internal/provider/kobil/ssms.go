package kobil

// SSMS is the product that the vendor documents the logs for (developer.kobil.com, "User Logs": GET
// https://{tenantId}.{hostname}/digitanium/v4/user/{userName}/logs). The tenant is in the host.
func SSMS() Product {
	return Product{
		Path:     "/digitanium/v4/user/{userName}/logs",
		Instance: func(host, _ string) string { return host },
	}
}
