"""Reading what is published: files of any form to records, whatever the columns they have."""
