namespace SeqCore.Samples.CharLanguageModel.Tunes;

/// <summary>Invents titles: places and people from syllables, things from word lists.</summary>
internal sealed class Titles(TuneRandom random)
{
    private static readonly string[] starts = ["Bally", "Kil", "Dun", "Car", "Glen", "Inver", "Tor", "Ros", "Clar", "Mul"];
    private static readonly string[] ends = ["more", "beg", "naver", "rick", "doon", "lea", "garvan", "tarn", "shiel", "owen"];
    private static readonly string[] people = ["Nora", "Padden", "Maire", "Tam", "Brid", "Callum", "Old Fergus", "Sheila",
        "Young Rory", "Biddy"];
    private static readonly string[] keepsakes = ["Fancy", "Delight", "Favourite", "Farewell", "Rambles", "Return",
        "Wedding", "Lament"];
    private static readonly string[] adjectives = ["Merry", "Silver", "Wandering", "Bonny", "Crooked", "Speckled", "Lonesome",
        "Windy", "Gallant", "Barefoot"];
    private static readonly string[] things = ["Piper", "Fiddler", "Miller", "Plough", "Heather", "Blackbird", "Otter", "Lantern",
        "Ferry", "Weaver", "Kettle", "Harvest"];
    private static readonly string[] groups = ["Lasses", "Lads", "Fair", "Bridge", "Shore", "Races"];

    /// <summary>A title.</summary>
    public string Next() => random.Below(6) switch
    {
        0 or 1 => $"The {random.Pick(adjectives)} {random.Pick(things)}",
        2 => $"{random.Pick(people)}'s {random.Pick(keepsakes)}",
        3 => $"The {random.Pick(things)} of {Place()}",
        4 => $"{Place()} {random.Pick(groups)}",
        _ => $"The Road to {Place()}",
    };

    private string Place() => random.Pick(starts) + random.Pick(ends);
}
