"""What no plan can pass, and what one more kW would be worth."""
