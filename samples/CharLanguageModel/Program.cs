using SeqCore.Samples.CharLanguageModel.Tunes;

if (args is ["check", var path])
{
    var verdicts = AbcChecker.CheckAll(File.ReadAllText(path));
    Console.WriteLine($"{verdicts.Count} tunes, {verdicts.Count(v => v.Parses)} parse, {verdicts.Count(v => v.AddsUp)} add up");
    foreach (var verdict in verdicts.Where(v => !v.AddsUp))
        Console.WriteLine($"{verdict.Title}: {verdict.Problem}");
    return;
}

Console.Write(TuneComposer.Book(args.Length > 0 ? int.Parse(args[0]) : 3000));
