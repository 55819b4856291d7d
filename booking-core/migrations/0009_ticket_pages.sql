-- In a rush all tickets of a page are claimed within milliseconds, before anything can be pruned, so a page must have room
-- for two versions of each: at fillfactor 60 every third claim left its page and wrote three indexes, at 40 one in eighty.
-- Pages that are filled already stay as they are.
alter table tickets set (fillfactor = 40);
