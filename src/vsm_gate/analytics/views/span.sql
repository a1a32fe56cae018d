-- When the oldest and the newest record were made.
SELECT MIN(time) AS first, MAX(time) AS last FROM records
