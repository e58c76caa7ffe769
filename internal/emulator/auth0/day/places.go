package day

// place is what location_info holds; latitude and longitude are numbers, as in real answers.
type place struct {
	CountryCode     string  `json:"country_code"`
	CountryCode3    string  `json:"country_code3"`
	CountryName     string  `json:"country_name"`
	CityName        string  `json:"city_name"`
	Latitude        float64 `json:"latitude"`
	Longitude       float64 `json:"longitude"`
	TimeZone        string  `json:"time_zone"`
	ContinentCode   string  `json:"continent_code"`
	SubdivisionCode string  `json:"subdivision_code,omitempty"`
	SubdivisionName string  `json:"subdivision_name,omitempty"`
}

func places() []place {
	return []place{
		{"DE", "DEU", "Germany", "Hamburg", 53.5503, 9.9924, "Europe/Berlin", "EU", "HH", "Hamburg"},
		{"FR", "FRA", "France", "Lyon", 45.7485, 4.8467, "Europe/Paris", "EU", "69", "Rhône"},
		{"GB", "GBR", "United Kingdom", "Leeds", 53.7965, -1.5478, "Europe/London", "EU", "ENG", "England"},
		{"SE", "SWE", "Sweden", "Gothenburg", 57.7072, 11.9668, "Europe/Stockholm", "EU", "O", "Västra Götaland"},
		{"PL", "POL", "Poland", "Kraków", 50.0614, 19.9366, "Europe/Warsaw", "EU", "12", "Lesser Poland"},
		{"US", "USA", "United States", "Denver", 39.7392, -104.9847, "America/Denver", "NA", "CO", "Colorado"},
		{"US", "USA", "United States", "Pittsburgh", 40.4406, -79.9959, "America/New_York", "NA", "PA", "Pennsylvania"},
		{"CA", "CAN", "Canada", "Halifax", 44.6453, -63.5724, "America/Halifax", "NA", "NS", "Nova Scotia"},
		{"BR", "BRA", "Brazil", "Recife", -8.0539, -34.8811, "America/Recife", "SA", "PE", "Pernambuco"},
		{"KE", "KEN", "Kenya", "Nairobi", -1.2833, 36.8167, "Africa/Nairobi", "AF", "", ""},
		{"IN", "IND", "India", "Pune", 18.5196, 73.8554, "Asia/Kolkata", "AS", "MH", "Maharashtra"},
		{"JP", "JPN", "Japan", "Sapporo", 43.0642, 141.3469, "Asia/Tokyo", "AS", "01", "Hokkaido"},
		{"AU", "AUS", "Australia", "Hobart", -42.8794, 147.3294, "Australia/Hobart", "OC", "TAS", "Tasmania"},
	}
}
