"""The open vocabularies that need a Swedish word although no type lists them."""

PROVISIONS = (
    "gdpr.4.12",
    "gdpr.5.2",
    "gdpr.26",
    "gdpr.28.3.f",
    "gdpr.31",
    "gdpr.33.1",
    "gdpr.33.2",
    "gdpr.33.3",
    "gdpr.33.4",
    "gdpr.33.5",
    "gdpr.34.1",
    "gdpr.34.2",
    "gdpr.34.3.a",
    "gdpr.34.3.b",
    "gdpr.34.3.c",
    "gdpr.34.4",
    "gdpr.55",
    "gdpr.56",
    "eu.1182.3",
    "eu.611.2.2",
    "eu.611.2.3",
    "eu.dora.19.4.a",
    "eu.dora.19.4.b",
    "eu.dora.19.4.c",
    "eu.eidas.19",
    "se.brottsdatalagen.3.9",
    "se.brottsdatalagen.3.10",
    "se.brottsdatalagen.3.11",
    "se.csirt",
    "se.cybersakerhetslagen.1.11",
    "se.cybersakerhetslagen.1.12",
    "se.cybersakerhetslagen.2.5",
    "se.cybersakerhetslagen.2.6",
    "se.cybersakerhetslagen.2.6.trust",
    "se.cybersakerhetslagen.2.7",
    "se.cybersakerhetslagen.2.8",
    "se.cybersakerhetslagen.2.9",
    "se.dataskyddslagen.1.4",
    "se.dataskyddslagen.1.7",
    "se.imy",
    "se.lek.8.4",
    "se.lek.8.5",
)
"""The provisions people meet in duties, reasons and refusals; a test holds them against the statute book."""

COMMITMENTS: tuple[str, ...] = (
    "contract_notice",
    "promised_update",
    "awaited_answer",
    "authority_question",
    "promised_particular",
    "decision",
)
"""The kinds of deadlines that are not law; they are named among the provisions."""

PARTICULARS = (
    "nature",
    "data_subject_categories",
    "data_subjects",
    "data_categories",
    "records",
    "contact_point",
    "likely_consequences",
    "measures",
    "facts",
    "effects",
    "remedial_action",
    "investigation",
)
"""What Articles 33(3), 33(5) and 34(2) demand to be told."""

SECRECY = (
    "criminal_investigation",
    "security_of_systems",
    "cybersecurity_report",
    "risk_analysis",
    "health_minimum",
    "address_of_the_threatened",
    "protected_registration",
    "use_against_the_gdpr",
    "population_registration",
    "school",
    "health_care",
    "social_services",
    "supervision_by_the_authority",
    "personnel",
)
"""What the provisions of the secrecy act cover; a test holds them against the table."""

SECTIONS = ("event", "people", "data", "spread", "protection", "consequences", "measures")
"""The small forms in which facts are asked for."""

FORM = tuple(
    """
    incident_id channel batch posted_at marks return_reason specimens parties family summary source reported_at by concerned aware_at evidence reasoning
    because answers gap_reason facts known_at trigger for_family supersedes withdrawn level
    officer_advice could_change provision letter issue_at sha256 lessons phase filed_at complete
    delay_reasons diary_number received_at file channels published_at controller version next_update_at
    detected_at act whole code communicate_by condition_met reference reasons receipt classified_at
    withdrawn_at tier organisation milestone not_before not_after answer_by due_on controllers how answered_at year file_format checked_on replace all_or_nothing
    particular follows_on others masked field provisions text english way tried_at what_happened
    question answer line document sender their_reference arrived_at status happened_at address verdict only
    """.split()  # noqa: SIM905 - fifty words read better than fifty lines
)
"""What the officer's forms ask for; a test holds them against the flows."""

HELP = tuple(
    """
    marks incident_id family aware_at reported_at reasoning evidence sha256 by
    facts trigger code document only follows_on provisions
    """.split()  # noqa: SIM905 - as above
)
"""The questions that come with a sentence of help."""

ADDRESSED = (
    "job_applicants",
    "applicants",
    "references",
    "referees",
    "employees",
    "former_employees",
    "children",
    "pupils",
    "guardians",
    "patients",
    "customers",
)
"""The groups a notice addresses as "you who ..."; any other group is named with its category."""

CATEGORIES = (
    # kinds of data
    "basic_identity",
    "name",
    "address",
    "contact",
    "email",
    "phone",
    "date_of_birth",
    "national_id_number",
    "social_security_number",
    "fiscal_code",
    "official_id",
    "family_status",
    "employment",
    "salary",
    "unemployment_status",
    "education",
    "cv_employment",
    "cv",
    "cover_letter",
    "grades",
    "test_results",
    "recruiter_notes",
    "references",
    "health",
    "food_preferences",
    "criminal",
    "payment_card",
    "bank_account",
    "billing",
    "orders",
    "purchase",
    "business_relation",
    "insurance_contract",
    "insurance_tariff",
    "vehicle_registration",
    "account_access",
    "credentials",
    "user_id",
    "pseudonymous_username",
    "traffic_data",
    "location",
    # groups of people
    "applicants",
    "job_applicants",
    "job_seekers",
    "referees",
    "recruiters",
    "employees",
    "former_employees",
    "children",
    "pupils",
    "guardians",
    "patients",
    "clients",
    "customers",
    "users",
    "service_users",
    "course_participants",
    "policyholders",
    "residents",
    "vulnerable_subjects",
    "protected_identities",
    # kinds of incident
    "ransomware",
    "ransomware_exfiltration",
    "hacking",
    "hacking_exfiltration",
    "credential_stuffing",
    "insider_copy",
    "misdirected_email",
    "mispostal",
    "device_theft",
    "paper_theft",
    "social_engineering",
    "business_email_compromise",
    "system_outage",
    # sectors
    "public_authority",
    "municipality",
    "region",
    "school",
    "childcare",
    "social_services",
    "agriculture",
    "bank",
    "company",
    "insurance",
    "manufacturing",
    "online_service",
    "public_transport",
    "recruitment",
    "retail",
    "services",
    "telecom",
    "training",
    # how passwords were kept
    "none",
    "hashed_salted_strong",
    "hashed_weak",
    "plaintext",
    "reused_valid_credentials",
)
"""Labels of ``Facts.data_categories``, ``data_subject_categories``, ``incident_type``, ``controller_sector`` and
``credentials``: those of the published examples (EDPB Guidelines 01/2021) and of a Swedish recruitment system.
"""
